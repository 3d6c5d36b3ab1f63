"""Vietnamese names of the demo company's records, written where that language is on.

Demo records are no part of the translation template: it is exported without them.
"""

#: Model → field → end of the XML id ``demo_…`` → name.
VIETNAMESE = {
    "resource.calendar": {"name": {"calendar": "Giờ mở cửa, 8:00 đến 20:00 mỗi ngày"}},
    "care.team": {
        "name": {
            "team_sales": "Tư vấn & bán hàng",
            "team_warranty": "Bảo hành & kỹ thuật",
            "team_claims": "Chăm sóc & khiếu nại",
        },
    },
    "care.rule": {
        "name": {
            "rule_at_risk": "Gọi khách có nguy cơ",
            "rule_birthday": "Còn ba ngày tới sinh nhật",
            "rule_loyal": "Cảm ơn khách vừa thành trung thành",
        },
        "subject": {
            "rule_at_risk": "Gọi {{salutation}}: lâu rồi chưa mua gì",
            "rule_birthday": "Tặng hoa {{salutation}}, sinh nhật {{birthday}}",
            "rule_loyal": "Cảm ơn {{salutation}} đã mua lần thứ {{purchase_count}}",
        },
        "text": {
            "rule_at_risk": "Lần mua gần nhất: {{last_purchase_day|chưa rõ}}. Hỏi máy dùng "
            "có tốt không, nhà còn thiếu gì không.",
        },
    },
    "care.script": {
        "name": {
            "script_greeting": "Lời chào",
            "script_delay": "Xin lỗi vì chậm trễ",
            "script_complaint": "Xin lỗi khi khách khiếu nại",
            "script_photo": "Xin ảnh",
            "script_closing": "Lời kết",
        },
    },
    "care.urgency.rule": {
        "name": {
            "urgency_angry": "Khách đang bực",
            "urgency_threat": "Doạ kiện hoặc đưa lên báo",
            "urgency_upset": "Lời lẽ bực bội",
            "urgency_danger": "Nguy hiểm trong nhà",
            "urgency_complaint": "Khiếu nại",
            "urgency_back": "Đã xong mà khách quay lại",
            "urgency_again": "Yêu cầu thứ hai trong một tuần",
            "urgency_vip": "Khách VIP",
            "urgency_loyal": "Khách trung thành hoặc có nguy cơ",
            "urgency_priority": "Mức độ ưu tiên khẩn cấp",
            "urgency_soon": "Còn chưa đầy một giờ",
            "urgency_late": "Đã quá thời hạn",
            "urgency_praise": "Lời khen đợi được một chút",
        },
    },
    "care.ticket.category": {
        "name": {
            "category_presale": "Trước khi mua",
            "category_advice": "Tư vấn và giá",
            "category_instalment": "Trả góp",
            "category_stock": "Hàng có sẵn, cửa hàng",
            "category_order": "Đơn hàng và giao hàng",
            "category_late": "Đơn hàng đến đâu",
            "category_damaged": "Hàng hỏng, giao nhầm",
            "category_change": "Đổi, trả, huỷ đơn",
            "category_invoice": "Hoá đơn VAT",
            "category_refund": "Hoàn tiền",
            "category_service_parent": "Bảo hành và sử dụng",
            "category_fault": "Máy bị lỗi",
            "category_installation": "Lắp đặt",
            "category_maintenance": "Vệ sinh, bảo dưỡng",
            "category_instructions": "Hướng dẫn sử dụng",
            "category_comment": "Góp ý",
            "category_service": "Khiếu nại dịch vụ",
            "category_praise": "Khen ngợi",
        },
        "portal_hint": {
            "category_damaged": "Anh/chị gửi kèm ảnh thùng máy và chỗ hỏng.",
            "category_invoice": "Tên công ty, mã số thuế và địa chỉ.",
            "category_fault": "Màn hình báo gì? Ảnh chụp tem máy giúp ích rất nhiều.",
        },
    },
    "care.sla.policy": {
        "name": {
            "promise_complaint": "Khiếu nại",
            "promise_vip": "Khách VIP",
            "promise_all": "Mọi khách hàng",
        },
    },
    "care.segment": {
        "name": {"segment_good_complaint": "Khách trung thành, VIP đang khiếu nại"},
        "purpose": {
            "segment_good_complaint": "Khách quý đang chờ mình giải quyết: gọi ngay hôm nay.",
        },
    },
    "care.ticket.tag": {
        "name": {
            "tag_business": "Khách doanh nghiệp",
            "tag_return7": "Đổi trả 7 ngày",
            "tag_photo": "Có ảnh",
            "tag_price": "Về giá",
            "tag_callback": "Cần gọi lại",
            "tag_angry": "Khách bực bội",
        },
    },
    "product.template": {
        "name": {
            "product_tv43": "Tivi thông minh 43 inch",
            "product_tv55": "Tivi 4K 55 inch",
            "product_tv65": "Tivi 4K 65 inch",
            "product_fridge320": "Tủ lạnh hai cánh 320 lít",
            "product_fridge450": "Tủ lạnh bốn cánh 450 lít",
            "product_washer9": "Máy giặt cửa trước 9 kg",
            "product_washer12": "Máy giặt cửa trên 12 kg",
            "product_dryer8": "Máy sấy bơm nhiệt 8 kg",
            "product_aircon9": "Điều hoà 9.000 BTU",
            "product_aircon12": "Điều hoà 12.000 BTU",
            "product_aircon18": "Điều hoà 18.000 BTU",
            "product_purifier": "Máy lọc nước 10 lõi",
            "product_purifier_mini": "Máy lọc nước để bàn",
            "product_air": "Máy lọc không khí",
            "product_hob": "Bếp từ đôi",
            "product_hood": "Máy hút mùi 70 cm",
            "product_rice": "Nồi cơm điện 1,8 lít",
            "product_fryer": "Nồi chiên không dầu 5,5 lít",
            "product_microwave": "Lò vi sóng 23 lít",
            "product_robot": "Robot hút bụi lau nhà",
            "product_vacuum": "Máy hút bụi không dây",
            "product_dishwasher": "Máy rửa bát 13 bộ",
            "product_heater": "Bình nóng lạnh 20 lít",
            "product_fan": "Quạt đứng",
            "product_install": "Công lắp đặt tại nhà",
            "product_clean": "Vệ sinh điều hoà",
            "product_warranty": "Gói bảo hành thêm một năm",
        },
    },
}
